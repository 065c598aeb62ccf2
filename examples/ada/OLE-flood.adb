with Ada.Text_IO; use Ada.Text_IO;

procedure Flood is
   Line : constant String (1 .. 1_023) := (others => '7');
begin
   loop
      Put_Line (Line);
   end loop;
end Flood;
