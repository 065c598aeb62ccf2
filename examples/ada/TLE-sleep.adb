with Ada.Text_IO; use Ada.Text_IO;

procedure Sleeps is
begin
   delay 60.0;
   Put_Line ("7");
end Sleeps;
