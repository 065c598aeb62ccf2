with Ada.Text_IO; use Ada.Text_IO;

procedure Total is
   Count, Sum : Long_Long_Integer := 0;
   Line       : String (1 .. 100);
   Last       : Natural;
begin
   while not End_Of_File loop
      Get_Line (Line, Last);
      Count := Count + 1;
      Sum   := Sum + Long_Long_Integer'Value (Line (1 .. Last));
   end loop;
   Put_Line (Count'Image (2 .. Count'Image'Last) & Sum'Image);
end Total;
